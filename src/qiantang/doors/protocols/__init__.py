"""The standards' endpoints: DCAT-AP, CKAN's action API, OAI-PMH and data packages.

Thin: who asks, which rooms' reads, which codec, validators of the answer. Readers are the public,
or whoever a token in ``Authorization`` names; a browser's session counts for nothing here, so that
what is public can be kept by anybody in between.
"""
