"""Which region an article, or a bulletin, is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from jianbao_text.places import gazetteer


def covering(adcodes: Sequence[str]) -> str | None:
    """Return the lowest region that covers all given ones where they lie on one line of descent (a county, its city and
    its province), or the one above them all where they are sisters; None over several provinces or for none."""
    if not adcodes:
        return None
    chains = [gazetteer().ancestors(code) for code in dict.fromkeys(adcodes)]
    longest = max(chains, key=len)
    if all(set(chain) <= set(longest) for chain in chains):
        return longest[0]
    common = [code for code in longest if all(code in chain for chain in chains)]
    return common[0] if common else None


def primary(title: Sequence[str], body: Sequence[str], around: Sequence[str]) -> str | None:
    """Return the region an article is about: that of its title; else the one its body speaks of (several provinces: none),
    or its surroundings (section, signature, issue) name where the body names none, or only what lies above it."""
    if title:
        return covering(title)
    home = covering(around[:1])
    told = _of_body(body) if body else home
    above_home = home is not None and told in gazetteer().ancestors(home)
    return home if above_home else told


def _of_body(body: Sequence[str]) -> str | None:
    """One region that holds most mentions (with what lies above and below it) outweighs a passing one."""
    whole = covering(body)
    if whole is not None:
        return whole
    counts = Counter(body)
    chains = {code: set(gazetteer().ancestors(code)) for code in counts}
    best = max(
        counts, key=lambda code: (sum(n for other, n in counts.items() if other in chains[code]), -body.index(code))
    )
    held = sum(n for other, n in counts.items() if other in chains[best] or best in chains[other])
    return best if held * 4 >= len(body) * 3 else None
