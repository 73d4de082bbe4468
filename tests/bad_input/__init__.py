"""What happens when people, files, disks or databases misbehave, seen from outside the doors."""
