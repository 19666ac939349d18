"""Characters: what a feed may hold, and text on one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedpub.text import one_line, xml_safe

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_forbids_goes_and_its_neighbours_meet(character: str) -> None:
    assert xml_safe(f"左{character}右") == "左右"


@pytest.mark.parametrize("character", ["\t", "\n", "\r", "\x7f", "\x85", "\ue000", "\ufffd", "\U0001f600"])
def test_a_character_that_xml_allows_stays(character: str) -> None:
    assert xml_safe(f"左{character}右") == f"左{character}右"


@given(ANY_TEXT)
def test_any_text_is_accepted_by_an_xml_library_once_it_is_safe(text: str) -> None:
    element = etree.Element("title")
    element.text = xml_safe(text)
    etree.fromstring(etree.tostring(element))


@given(ANY_TEXT)
def test_one_line_has_neither_line_ends_nor_two_blanks_nor_blanks_at_its_ends(text: str) -> None:
    line = one_line(text)
    assert line == " ".join(line.split())
    assert one_line(line) == line
