"""Domain packs shipped with the product: declarations and small data, no code of ours."""
