"""How a worker shows that it lives: a key in Redis for each queue it serves, renewed while its loop turns."""

import logging

import redis
from celery import bootsteps

from helpportal.core.redis import redis_client

INTERVAL = 10  # seconds
# Three beats may be missed before /readyz calls a queue unserved.
EXPIRY = 3 * INTERVAL + 5  # seconds

logger = logging.getLogger(__name__)


def heartbeat_key(queue: str) -> str:
    return f"helpportal:heartbeat:{queue}"


def unserved_queues(queues: list[str]) -> list[str]:
    """Return those of `queues` that no worker serves now. Raises `redis.RedisError` when Redis is away."""
    if not queues:
        return []
    values = redis_client().mget([heartbeat_key(queue) for queue in queues])
    return [queue for queue, value in zip(queues, values, strict=True) if value is None]


class Heartbeat(bootsteps.StartStopStep):
    """Renews the keys from the worker's own timer, so that a worker whose loop hangs falls silent."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker, **kwargs) -> None:
        self.entry = None
        super().__init__(worker, **kwargs)

    def start(self, worker) -> None:
        self.beat(worker)
        self.entry = worker.timer.call_repeatedly(INTERVAL, self.beat, (worker,))

    def stop(self, worker) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None

    def beat(self, worker) -> None:
        try:
            pipeline = redis_client().pipeline()
            for queue in worker.app.amqp.queues.consume_from:
                pipeline.set(heartbeat_key(queue), worker.hostname, ex=EXPIRY)
            pipeline.execute()
        except redis.RedisError as error:
            logger.warning("The worker's heartbeat did not reach Redis: %s", error)
