"""``/sdmx/3.0`` and ``/sdmx/2.1``: published figures for statisticians' clients.

`providing` names who has dataflows (a further kind of figures is one more provider); `figures` is
the provider of published figures, `lists` its code lists; `asked` reads questions, `finding`
answers them with points; `data`, `structures` and `availability` are the endpoints.
"""
