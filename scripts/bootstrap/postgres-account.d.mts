export interface Account {
  uid?: number;
  gid?: number;
  name: string;
}

export function chooseAccount(existingHome: string | undefined, passwdFile?: string): Account;
export function giveFolder(account: Account, folder: string): void;
