"""Faults that cross rooms: kills, full disks, hostile files, two writers, sources that go away."""
