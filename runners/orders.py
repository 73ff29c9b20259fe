"""From what a person names — a platform, a probe, a practice platform — to run orders. Starts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tohuman.results.events import Budget, ProbeKey
from tohuman.runners.errors import UsageError
from tohuman.runners.order import Order

if TYPE_CHECKING:
    from tohuman.probes.practice import PracticePlatform
    from tohuman.probes.schema import Platform


def practice_order(served: PracticePlatform, key: ProbeKey | None = None, **more: Any) -> Order:
    """An order for a practice platform that is being served; the naive policy from its help page unless `key` says
    otherwise. UsageError for a probe it does not have."""
    from tohuman.results.vocabulary import Start

    key = key or practice_key(served.id)
    if key.policy != "naive":
        raise UsageError("A practice platform is walked by the naive policy", where=key.policy)
    if key.surface != served.surface or key.locale != served.locale:
        raise UsageError(
            "The practice platform has no such probe",
            where=f"{served.id}, {key.surface}, {key.locale}",
            do=f"it is {served.surface} and {served.locale}",
        )
    try:
        url = served.start_url(Start(key.start))
    except KeyError as error:
        raise UsageError("The practice platform has no such start", where=f"{served.id}, {key.start}") from error
    return _order(key, url, served.name, simulated=True, **more)


def platform_order(platform: Platform, key: ProbeKey, **more: Any) -> Order:
    """An order for a platform of the files. UsageError with the reason when that probe cannot be walked."""
    reason = platform.cannot(key)
    if reason is not None:
        raise UsageError(reason)
    steps = platform.informed.get(key.surface, ()) if key.surface in ("web", "web-mobile") else ()
    way = [step.model_dump(mode="json") for step in steps] if key.policy == "informed" else []
    return _order(key, platform.address(key.start, key.surface), platform.name(key.locale), way=way, **more)


def subject_order(subject: Any, **more: Any) -> Order:
    """An order for a real subject (tests/real) that is being served: its company and desk are invented."""
    key = ProbeKey.model_validate({"platform": subject.name, "surface": subject.surface, "locale": subject.locale})
    return _order(key, subject.url, subject.site.desk.company, simulated=True, **more)


def practice_key(platform: str, start: str = "help") -> ProbeKey:
    """The probe of a practice platform that is walked unless another is named. KeyError for an unknown platform."""
    from tohuman.probes.practice import load_truth

    truth = load_truth(platform)
    return ProbeKey.model_validate(
        {"platform": platform, "start": start, "surface": str(truth.surface), "locale": truth.locale}
    )


def budget(settings: Mapping[str, float | int | None]) -> Budget:
    """The usual budget with what was set otherwise."""
    return Budget.model_validate({name: value for name, value in settings.items() if value is not None})


def _order(key: ProbeKey, url: str, name: str, **more: Any) -> Order:
    return Order.model_validate(
        {
            "platform": key.platform,
            "url": url,
            "name": name,
            "locale": key.locale,
            "surface": key.surface,
            "policy": key.policy,
            "scenario": key.scenario,
            "start": key.start,
            "vantage": key.vantage,
            **more,
        }
    )
