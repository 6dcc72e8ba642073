"""`dawbridge serve`: the daemon in the foreground."""

from __future__ import annotations

import click

from bridge.addresses import host_and_port
from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option


@click.command("serve")
@click.option("--inbox", metavar="DIR", help="Hot folder.")
@click.option("--outbox", metavar="DIR", help="Where results appear.")
@click.option("--state", metavar="DIR", help="Ledger and logs.")
@click.option("--osc", metavar="HOST:PORT", help="Where OSC is answered; port 0 takes any free one.")
@json_option
def command(inbox: str | None, outbox: str | None, state: str | None, osc: str | None, as_json: bool) -> int:
    """Run the daemon: watch the hot folder and answer OSC until Ctrl-C.

    Logs go to standard error. A second daemon on the same state folder says so and leaves.
    """
    host, port = host_and_port(osc) if osc else (None, None)
    effective = settings(inbox=inbox, outbox=outbox, state=state, osc_host=host, osc_port=port)
    from bridge.daemon import serve

    code = serve(effective)
    if as_json:
        emit({"stopped": True, "exit_code": code})
    return code
