"""The API's addresses, grouped by what they speak of."""
