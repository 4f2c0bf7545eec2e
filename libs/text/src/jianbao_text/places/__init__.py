"""Divisions of the PRC of county level and above since 1980, and finding them in text."""

from jianbao_text.places.gazetteer import Gazetteer, gazetteer
from jianbao_text.places.region import Level, Mentions, Region, RegionMention

__all__ = ["Gazetteer", "Level", "Mentions", "Region", "RegionMention", "gazetteer"]
