"""`backoffice serve`: the web application."""

from typing import Annotated

import typer

from pipeline.cli.options import Home

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; 0.0.0.0 is everywhere.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0: a free one.")]


def serve(host: Host = "127.0.0.1", port: Port = 8484, home: Home = None) -> None:
    """Serve the web application until Ctrl-C. The first start prints the password of the user `admin`, once.

    Elsewhere than on this machine it belongs behind a proxy that speaks https (docs/guide.md).
    """
    import uvicorn

    from pipeline.bootstrap import SystemClock, load_settings
    from pipeline.web.app import create_app
    from pipeline.web.keeper import Keeper
    from pipeline.web.services import open_services

    settings = load_settings(home)
    settings.home.mkdir(parents=True, exist_ok=True)
    with open_services(settings, SystemClock()) as services:
        if password := services.house.users.ensure_first_admin():
            typer.echo(f"First start. Sign in as admin with {password} and choose a password of your own.")
        config = uvicorn.Config(
            create_app(services), host=host, port=port, log_level="warning", server_header=False, ws="none"
        )
        server = uvicorn.Server(config)
        socket = config.bind_socket()
        typer.echo(f"http://{host}:{socket.getsockname()[1]}")
        with Keeper(services):
            server.run([socket])
