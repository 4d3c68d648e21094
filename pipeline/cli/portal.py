"""`backoffice portal`: the practice portal."""

from typing import Annotated

import typer

from pipeline.cli.options import Home

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0: a free one.")]
Token = Annotated[
    str, typer.Option("--admin-token", metavar="TEXT", help="Lets who has it change the switches at run time.")
]
Switch = Annotated[
    list[str] | None,
    typer.Option(
        "--switch",
        metavar="NAME=VALUE",
        help="Mischief: latency, popups, layout, refusals, errors, drops, refresh, session_seconds, wrong_passwords, "
        "lock_seconds, locked, seed. May be given several times.",
        show_default=False,
    ),
]


def portal(
    host: Host = "127.0.0.1", port: Port = 8585, home: Home = None, admin_token: Token = "", switch: Switch = None
) -> None:
    """Serve a small accounting application to train and test robots on, until Ctrl-C. Nothing in it is real.

    Its books are in portal.db in the home. Name and password are those of the settings `portal.user` and
    `portal.password` (robot, practice). It belongs on this machine only.
    """
    from pydantic import ValidationError

    from pipeline.bootstrap import load_settings
    from pipeline.posting.portal.app import create_portal, server_of
    from pipeline.posting.portal.switches import Switches

    settings = load_settings(home)
    try:
        # a switch without a value gets an empty one, which none of them takes
        switches = Switches.model_validate_strings({name: value for name, _, value in map(_parts, switch or ())})
    except ValidationError as error:
        raise typer.BadParameter(str(error)) from error
    user, password = settings.portal.user, settings.portal.secret.get_secret_value()
    server = server_of(create_portal(settings.home, switches, user, password, admin_token), host, port)
    socket = server.config.bind_socket()
    typer.echo(f"http://{host}:{socket.getsockname()[1]}")
    server.run([socket])


def _parts(switch: str) -> tuple[str, str, str]:
    return switch.partition("=")
