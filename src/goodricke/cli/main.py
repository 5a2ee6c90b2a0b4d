"""Entry point: the table of commands, and what our errors mean for the shell."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import cast

import click

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS: dict[str, tuple[str, str]] = {
    "classify": ("goodricke.cli.classify:classify", "Tell eclipsing binaries and other variables, with probabilities."),
    "read": ("goodricke.cli.read:read", "Read light curves of any survey into one tidy file."),
    "period": ("goodricke.cli.period:period", "Find the periods of light curves."),
    "embed": ("goodricke.cli.embed:embed", "Describe stars by numbers in which like stars are near each other."),
    "similar": ("goodricke.cli.similar:similar", "Find the stars of a table that are most like yours."),
    "evaluate": ("goodricke.cli.evaluate:evaluate", "Compare predictions with the truth: tables, pictures, a report."),
    "measure-binaries": (
        "goodricke.cli.measure:measure",
        "Measure how well binaries are told from single stars in a list of spectra.",
    ),
    "train": ("goodricke.cli.train:train", "Train a model from a recipe, and write its bundle."),
    "search": ("goodricke.cli.search:search", "Try settings of a recipe's network, judged on stars held out."),
    "models": ("goodricke.cli.models:models", "List the models, or print the card of one."),
    "simulate": ("goodricke.cli.simulate:simulate", "Make stars as a survey would have seen them, with the truth."),
    "surveys": ("goodricke.cli.surveys:surveys", "List the formats that are understood, or explain one."),
    "plot": ("goodricke.cli.plot:plot", "Draw stars: a page each, a sheet, or charts of a table."),
}

EXIT_SOME_FAILED, EXIT_USAGE, EXIT_NOTHING, EXIT_REFUSED, EXIT_INTERRUPTED = 1, 2, 3, 4, 130


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
        from goodricke.cli.config import configured

        return configured(cast(click.Command, getattr(import_module(module), name)), cmd_name, COMMANDS)

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
    epilog="Example: goodricke classify mydata/*.csv -o classes.ecsv --plot pages",
)
@click.version_option(package_name="goodricke", message="%(prog)s %(version)s")
def cli() -> None:
    """Which stars are binaries, what kind of variable are the others, and how sure is it?

    Light curves of any survey: read them, find their periods, classify them, look at them.

    Every option can also stand in goodricke.toml (or --config FILE, or $GOODRICKE_CONFIG), in a table named by its
    command, or in the environment as GOODRICKE_<COMMAND>_<OPTION>; a flag overrides the environment, the environment
    the file.

    Exit codes: 0 done; 1 done, some stars or files failed; 2 usage; 3 nothing readable; 4 model refused; 130
    interrupted.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    code = _run(arguments)
    if arguments is None:
        sys.exit(code)
    return code


def _run(arguments: list[str] | None) -> int:
    from goodricke.errors import GoodrickeError, ModelError, ReadError

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
    except ModelError as error:
        click.echo(f"error: {error}", err=True)
        return EXIT_REFUSED
    except GoodrickeError as error:
        click.echo(f"error: {error}", err=True)
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing more can be said to it.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    return result if isinstance(result, int) else 0
