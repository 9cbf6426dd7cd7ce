# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Ahoy authors
"""A bad network between clients and a server: it splits, delays and stalls what it forwards, and breaks connections at any byte. It never
changes a byte or its place. While `transparent` is set it only forwards."""

import asyncio
import random
import threading


class BreakingProxy:
    """`port` is where it listens; `target` the server's port (None: there is none, connections are refused at once)."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.target = None
        self.transparent = False
        self.connections = set()
        self.broken = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def break_some(self, part):
        """Each connection, with this probability."""

        def do():
            for break_it in list(self.connections):
                if self.random.random() < part:
                    break_it()

        self.loop.call_soon_threadsafe(do)

    def close(self):
        async def end():
            for break_it in list(self.connections):
                break_it()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self._run(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _serve(self, reader, writer):
        try:
            if self.target is None:
                raise ConnectionRefusedError
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return

        def break_it():
            writer.transport.abort()
            far_writer.transport.abort()

        self.connections.add(break_it)
        try:
            # Some live long, some not even through their log-in.
            life = [self.random.choice((30, 300, 3000, 30000, 300000)) * (1 + self.random.random())]
            await asyncio.gather(self._pump(reader, far_writer, life), self._pump(far_reader, writer, life))
        except OSError:
            pass
        finally:
            self.connections.discard(break_it)
            break_it()

    async def _pump(self, reader, writer, life):
        """Until one side ends or the connection's life is over: then the other side is broken off."""
        while True:
            size = 65536 if self.transparent else self.random.choice((1, 10, 200, 4000, 65536))
            data = await reader.read(size)
            if not data:
                await writer.drain()
                raise ConnectionResetError
            if not self.transparent:
                if self.random.random() < 0.1:
                    await asyncio.sleep(self.random.random() ** 3 * 0.3)
                life[0] -= len(data)
                if life[0] < 0:
                    self.broken += 1
                    data = data[: self.random.randrange(len(data) + 1)]
                    writer.write(data)
                    # What was written is to arrive: a broken connection ends anywhere, not only where the kernel's buffers do.
                    if self.random.random() < 0.5:
                        await asyncio.sleep(0.01)
                    raise ConnectionResetError
            writer.write(data)
            await writer.drain()
