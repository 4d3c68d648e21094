"""`backoffice script`: screen scripts, by which the robot works in an accounting system."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.exits import Exit

script = typer.Typer(no_args_is_help=True, help="Screen scripts: what the robot does in an accounting system.")

Names = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="YAML files, or the name of a built-in one.", show_default=False)
]


@script.command()
def check(names: Names) -> None:
    """Check scripts without opening anything; exit code 1 and every fault with its line when one is wrong."""
    from pipeline.posting.robot.script import BadScript, load_script

    is_right = True
    for name in names:
        try:
            found = load_script(name)
        except BadScript as error:
            typer.echo(error.message)
            is_right = False
        else:
            typer.echo(f"{name}: right. {found.title}: {', '.join(part.part for part in found.post)}.")
    raise typer.Exit(Exit.OK if is_right else Exit.REJECTED)


@script.command()
def schema(file: Annotated[Path | None, typer.Argument(metavar="[FILE]", show_default=False)] = None) -> None:
    """Write the JSON Schema of scripts, by which an editor completes and checks them while one types."""
    from schemas.export import rendered

    text = rendered()["screen-script.schema.json"]
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, "utf-8")
