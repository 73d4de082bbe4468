"""The API under /api/v1: the rooms' reads and a few of their verbs, as JSON.

`gate` wraps every address (actor, limits, language, ETag, one error form), `routes` call the rooms,
`openapi` describes all of it. Answers only ever gain fields within one version.
"""
