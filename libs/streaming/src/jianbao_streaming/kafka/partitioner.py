"""Which partition a key belongs to: as Kafka's own Java clients decide, so that streams of other programs line up."""

from __future__ import annotations

_SEED = 0x9747B28C
_FACTOR = 0x5BD1E995
_MASK = 0xFFFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key among so many: positive murmur2 modulo their number.

    Source: org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey.
    """
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(key: bytes) -> int:
    """Return the 32-bit murmur2 hash as org.apache.kafka.common.utils.Utils.murmur2 computes it, unsigned."""
    length = len(key)
    value = (_SEED ^ length) & _MASK
    whole = length - length % 4
    for at in range(0, whole, 4):
        word = (int.from_bytes(key[at : at + 4], "little") * _FACTOR) & _MASK
        word ^= word >> 24
        value = (value * _FACTOR & _MASK) ^ (word * _FACTOR & _MASK)
    if tail := key[whole:]:
        value = ((value ^ int.from_bytes(tail, "little")) * _FACTOR) & _MASK
    value ^= value >> 13
    value = (value * _FACTOR) & _MASK
    return value ^ (value >> 15)
