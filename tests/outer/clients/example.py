"""What an HR system does first, with a client generated from the merged document: who am I, which
rounds are there, and which of our people have applied."""

import sys
from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

from akademi_client.api.applications import list_applications
from akademi_client.api.people import get_me
from akademi_client.api.rounds import list_rounds
from akademi_client.client import AuthenticatedClient
from akademi_client.models import ApplicationPage, Me, Problem, Round, RoundPage
from akademi_client.types import UNSET, Unset


def rounds(client: AuthenticatedClient) -> Iterator[Round]:
    """Every round that the caller may see, page by page."""
    cursor: str | Unset = UNSET
    while True:
        page = list_rounds.sync(client=client, limit=100, cursor=cursor)
        if not isinstance(page, RoundPage):
            raise SystemExit(refused(page))
        yield from page.items
        if "next" not in page.field_links.additional_properties:
            return
        cursor = parse_qs(urlparse(page.field_links["next"].href).query)["cursor"][0]


def refused(problem: Problem | None) -> str:
    """What a person at the support desk needs: the code, and the trace."""
    return "no answer" if problem is None else f"{problem.status} {problem.code} (trace {problem.trace_id})"


def main(address: str, token: str) -> None:
    client = AuthenticatedClient(base_url=address, token=token)
    me = get_me.sync(client=client)
    if not isinstance(me, Me):
        raise SystemExit(refused(me))
    for one in rounds(client):
        page = list_applications.sync(client=client, round_id=one.id, limit=1)
        if not isinstance(page, ApplicationPage):
            raise SystemExit(refused(page))
        name = next(iter(one.name.additional_properties.values()))
        print(f"{name}: {one.state.value}, {page.field_meta.total_records} applications that we may see")


if __name__ == "__main__":
    main(*sys.argv[1:3])
