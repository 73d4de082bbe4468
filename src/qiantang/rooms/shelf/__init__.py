"""The shelf: installed packs, what they declare, and the operator's overrides of norms."""
