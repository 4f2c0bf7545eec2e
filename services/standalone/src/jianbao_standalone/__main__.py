"""The `jianbao` command."""

from jianbao_standalone.cli.app import app


def main() -> None:
    """Run the command line."""
    app(prog_name="jianbao")


if __name__ == "__main__":
    main()
