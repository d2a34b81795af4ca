"""Cost shares against benefit shares, one basis at a time.

The comparison follows the benefit-burden concordance of alliance economics: T. Sandler,
Journal of Conflict Resolution 37(3), 1993, 446-483.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from policyengine.domain.jurisdiction import Jurisdiction

MOST_RATIO = 1e12
"""A gain so small against the cost has no ratio."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What one partner bears and gains under one cost measure and one benefit basis.

    Shares are parts of the partners' total, from 0 to 1; `ratio` is cost share over benefit share.
    None means that the scenario does not say enough. Sums are exact before they are rounded, so that
    they depend neither on the order of the partners nor on the version of Python.
    """

    jurisdiction: int
    cost_measure: str
    basis: str
    cost_share: float | None
    benefit_share: float | None
    weaker: bool | None

    @property
    def ratio(self) -> float | None:
        """Cost share over benefit share, or None where either is unknown or (next to) nothing is gained."""
        if self.cost_share is None or not self.benefit_share or self.cost_share > MOST_RATIO * self.benefit_share:
            return None
        return self.cost_share / self.benefit_share


def shares(amounts: Sequence[float | None]) -> list[float | None]:
    """Each amount as part of the total; all unknown if one is unknown or the total is zero."""
    known = [amount for amount in amounts if amount is not None]
    total = fsum(known)
    if len(known) < len(amounts) or total == 0:
        return [None] * len(amounts)
    return [amount / total for amount in known]


def gap(burdens: Sequence[Burden]) -> float | None:
    """Half the sum of |cost share - benefit share| over the partners of one basis: 0 is full concordance."""
    pairs = [(burden.cost_share, burden.benefit_share) for burden in burdens]
    if any(cost is None or benefit is None for cost, benefit in pairs):
        return None
    return fsum(abs((cost or 0.0) - (benefit or 0.0)) for cost, benefit in pairs) / 2


def burdens_of(
    jurisdictions: Sequence[Jurisdiction], measures: Mapping[str, Sequence[str]], bases: Sequence[str]
) -> list[Burden]:
    """All burdens of a scenario: `measures` names the cost categories that each cost measure counts.

    The partners of a basis are the jurisdictions that give a benefit on it; a basis needs two, and a
    measure needs the cost of at least one of them.
    """
    found = []
    for basis in bases:
        partners = [index for index, each in enumerate(jurisdictions) if basis in each.benefits]
        if len(partners) < 2:
            continue
        benefit = shares([jurisdictions[index].benefits[basis] for index in partners])
        weaker = _weaker([jurisdictions[index].power for index in partners])
        for measure, categories in measures.items():
            costs = [_cost(jurisdictions[index], categories) for index in partners]
            if all(cost is None for cost in costs):
                continue
            rows = zip(partners, shares(costs), benefit, weaker, strict=True)
            found += [Burden(index, measure, basis, cost, gain, less) for index, cost, gain, less in rows]
    return found


def _cost(jurisdiction: Jurisdiction, categories: Sequence[str]) -> float | None:
    given = [jurisdiction.costs.get(category) for category in categories]
    known = [amount for amount in given if amount is not None]
    return fsum(known) if len(known) == len(given) else None


def _weaker(powers: Sequence[float | None]) -> list[bool | None]:
    """Whether each partner is weaker than the strongest; unknown if any power is."""
    known = [power for power in powers if power is not None]
    if len(known) < len(powers):
        return [None] * len(powers)
    return [power < max(known) for power in known]
