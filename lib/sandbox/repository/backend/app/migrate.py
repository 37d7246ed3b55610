"""Brings the schema up to date. There is no schema yet, so there is nothing to do."""


def main() -> None:
    print("schema is up to date")


if __name__ == "__main__":
    main()
