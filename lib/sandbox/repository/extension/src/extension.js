'use strict';

const vscode = require('vscode');
const { statusLine } = require('./status');

/** @param {vscode.ExtensionContext} context */
function activate(context) {
  const url = () => vscode.workspace.getConfiguration('aetherstack').get('url');
  context.subscriptions.push(
    vscode.commands.registerCommand('aetherstack.showStatus', async () => {
      try {
        const answer = await fetch(String(url()), { signal: AbortSignal.timeout(5000) });
        await vscode.window.showInformationMessage(statusLine(await answer.json()));
      } catch {
        await vscode.window.showWarningMessage('AetherStack did not answer. Check the setting "aetherstack.url".');
      }
    }),
    vscode.commands.registerCommand('aetherstack.openDashboard', () =>
      vscode.env.openExternal(vscode.Uri.parse(String(url()))),
    ),
  );
}

module.exports = { activate };
