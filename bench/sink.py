"""An SMTP server that takes every email and keeps none (RFC 5321): `python -m bench.sink PORT`.

A process of its own, so that sending costs the service what it costs, and no one else's figures.
"""

import asyncio
import sys


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One client, until it quits."""
    writer.write(b"220 sink\r\n")
    try:
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            await writer.drain()
            if verb == b"QUIT":
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main(port: int) -> None:
    """Serve for ever, on loopback."""
    async with await asyncio.start_server(converse, "127.0.0.1", port, limit=1 << 24) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
