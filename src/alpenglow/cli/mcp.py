"""`alpenglow mcp`: the running car's assistant for programs that speak the Model Context Protocol."""

from alpenglow import __version__
from alpenglow.cli import car
from alpenglow.cli.problems import Problem
from alpenglow.platform.commands import RunDir


def mcp(run_dir: RunDir = None) -> None:
    """Offer the running car's assistant as an MCP server on stdin and stdout, until the client or the car is gone.

    It may do what you may at the command line: ask, undo, run scenes, read signals.
    """
    try:
        from alpenglow.assistant.tools.mcp_server import serve
    except ImportError as error:
        raise Problem(f"the package {error.name} is not installed, which speaks MCP") from None

    async def work() -> int:
        async with car.running_car(run_dir) as running:
            await car.first_of(serve(running.fabric, __version__), running.gone(), seconds=None)
        return 0

    car.run(work())
