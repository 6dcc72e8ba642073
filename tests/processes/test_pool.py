from __future__ import annotations

import queue
import threading
from pathlib import Path

import pytest

from bridge.errors import Failed, WorkerDied
from bridge.processes import Child, Recycling, Worker, WorkerPool

ROOT = Path(__file__).parents[2]


def make_child() -> Child:
    return Child("tests.processes.odd_worker", environment={"PYTHONPATH": str(ROOT)})


@pytest.fixture
def worker():
    worker = Worker(make_child, {"do": "echo"}, Recycling(requests=2))
    yield worker
    worker.close()


def test_a_worker_keeps_its_process_until_it_is_old(worker):
    worker.warm()
    first = worker.identity
    worker.call({"do": "echo"}, stall_s=30)
    worker.refresh()
    assert worker.identity == first
    worker.call({"do": "echo"}, stall_s=30)
    worker.refresh()
    assert worker.identity != first


def test_a_worker_that_died_is_replaced(worker):
    worker.warm()
    first = worker.identity
    with pytest.raises(WorkerDied):
        worker.call({"do": "exit", "code": 0}, stall_s=30)
    worker.refresh()
    assert worker.identity not in (None, first)
    assert worker.call({"do": "echo", "text": "back"}, stall_s=30)["did"] == "back"


def test_a_worker_whose_process_was_spoilt_by_a_job_is_replaced_before_the_next(worker):
    worker.warm()
    first = worker.identity
    worker.call({"do": "spoil", "what": "limit"}, stall_s=30)
    worker.refresh()
    assert worker.identity not in (None, first)


def test_a_child_whose_greeting_fails_is_not_taken_for_warm():
    worker = Worker(make_child, {"do": "blunder"}, Recycling())
    try:
        for _ in range(2):
            with pytest.raises(Failed):
                worker.refresh()
            assert worker.identity is None
    finally:
        worker.close()


def test_a_pool_outlives_workers_that_cannot_start():
    pool = WorkerPool(
        lambda place: Worker(make_child, {"do": "blunder"}, Recycling()), 1, lambda worker: None
    )
    pool.start()
    assert not pool.join(timeout_s=5.0), "the thread must go on trying"
    pool.stopping.set()
    assert pool.join(timeout_s=30.0)


def test_every_place_of_the_pool_works_and_leaves_no_process():
    wishes: queue.SimpleQueue[int] = queue.SimpleQueue()
    served: queue.SimpleQueue[tuple[int, int]] = queue.SimpleQueue()
    both = threading.Barrier(2, timeout=60)

    def turn(worker: Worker) -> None:
        try:
            wish = wishes.get(timeout=0.1)
        except queue.Empty:
            return
        both.wait()
        worker.warm()
        assert worker.identity is not None
        served.put((worker.call({"do": "echo", "text": wish}, stall_s=30)["did"], worker.identity[0]))

    pool = WorkerPool(lambda place: Worker(make_child, {"do": "echo"}, Recycling()), 2, turn)
    pool.start()
    for wish in (1, 2):
        wishes.put(wish)
    got = [served.get(timeout=60) for _ in range(2)]
    pool.stopping.set()
    assert pool.join(30)
    assert {wish for wish, _ in got} == {1, 2}
    assert len({pid for _, pid in got}) == 2
