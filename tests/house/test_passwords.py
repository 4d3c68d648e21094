"""How passwords are hashed when no test weakens it."""

from importlib.util import find_spec, module_from_spec

from argon2.low_level import Type


def test_a_hash_costs_what_rfc_9106_asks_where_memory_is_short():
    """argon2id, 64 MiB, three passes, four lanes; the module is loaded anew, for the tests' own is a quick one."""
    spec = find_spec("pipeline.house.passwords")
    fresh = module_from_spec(spec)
    spec.loader.exec_module(fresh)
    hasher = fresh._HASHER
    assert (hasher.type, hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (Type.ID, 64 * 1024, 3, 4)
