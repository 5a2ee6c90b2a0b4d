"""Entry point: the table of commands, and what our errors mean for the shell."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import cast

import click

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS: dict[str, tuple[str, str]] = {
    "read": ("goodricke.cli.read:read", "Read light curves of any survey into one tidy file."),
    "period": ("goodricke.cli.period:period", "Find the periods of light curves."),
    "surveys": ("goodricke.cli.surveys:surveys", "List the formats that are understood, or explain one."),
    "plot": ("goodricke.cli.plot:plot", "Draw light curves, one PNG per star."),
}

EXIT_SOME_FAILED, EXIT_USAGE, EXIT_NOTHING, EXIT_INTERRUPTED = 1, 2, 3, 130


class LazyGroup(click.Group):
    """Commands are imported when they are run; ``--help`` shows the sentences of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        return cast(click.Command, getattr(import_module(module), name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a mistyped one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: goodricke read mydata/*.csv -o lcs.parquet",
)
@click.version_option(package_name="goodricke", message="%(prog)s %(version)s")
def cli() -> None:
    """Light curves of any survey: read them, clean them, look at them.

    Exit codes: 0 done; 1 done, some files failed; 2 usage; 3 nothing readable; 130 interrupted.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    code = _run(arguments)
    if arguments is None:
        sys.exit(code)
    return code


def _run(arguments: list[str] | None) -> int:
    from goodricke.errors import GoodrickeError, ReadError

    try:
        result = cli.main(arguments, prog_name="goodricke", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; run the same command with --resume to go on", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except ReadError as error:
        click.echo(f"error: {error}", err=True)
        return EXIT_NOTHING
    except GoodrickeError as error:
        click.echo(f"error: {error}", err=True)
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing more can be said to it.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    return result if isinstance(result, int) else 0
