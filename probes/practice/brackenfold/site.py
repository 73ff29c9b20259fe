"""Brackenfold Tickets (practice): no conversation anywhere; the contact page sends people back to the articles.

Pages are rendered here; consent.js draws the cookie dialog that covers them until a choice is made.
"""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from tohuman.probes.practice.site import Site

GUIDES = {
    "where-are-my-tickets": (
        "Where are my tickets?",
        ["Tickets reach your wallet seven days before the show.", "Some venues release them on the day itself."],
    ),
    "resale": ("Selling a ticket on", ["Open the ticket, choose “Pass on”, and name a price up to face value."]),
    "cancelled-events": ("When a show is cancelled", ["The price goes back to your card within ten banking days."]),
    "accessible-seats": ("Accessible seating", ["Seats with level access are marked in blue on every seating plan."]),
    "group-orders": ("Orders for groups", ["Up to twelve seats fit into one order."]),
    "name-on-ticket": ("The name on a ticket", ["Names can be changed once, until two days before the show."]),
}


class Brackenfold(Site):
    home_path = "/"

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/", self.plain("home")),
            web.get("/help", self.guides),
            web.get("/help/contact", self.plain("contact")),
            web.get("/help/{guide}", self.guide),
            web.get("/media", self.plain("media")),
            web.post("/seen", self.beacon),
        ]

    def plain(self, name: str):  # type: ignore[no-untyped-def]
        async def handler(_request: web.Request) -> web.Response:
            return self.page(f"{name}.html")

        return handler

    async def guides(self, _request: web.Request) -> web.Response:
        return self.page("help.html", guides=GUIDES)

    async def guide(self, request: web.Request) -> web.Response:
        found = GUIDES.get(request.match_info["guide"])
        if found is None:
            raise web.HTTPNotFound
        return self.page("guide.html", title=found[0], paragraphs=found[1])


SITE = Brackenfold
