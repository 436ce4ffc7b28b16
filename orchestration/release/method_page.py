"""The page of the method that a release was computed by, for the readers of its figures.

Belongs here: docs/method.md as a page. Does not belong here: the text of the method, or the dictionary.
"""

import re
from pathlib import Path

from orchestration.core.pages import render
from orchestration.core.settings import METHOD
from orchestration.release.dictionary import ReleaseCard

EXTENSIONS = ["tables", "toc", "attr_list", "fenced_code"]


def write_method(card: ReleaseCard, path: Path) -> Path:
    """Write the method as a page with the anchors of docs/method.md and a table of contents.

    Args:
        card: The release that the page belongs to.
        path: The file to write.
    """
    # Imported here because Markdown is slow to import.
    from markdown import Markdown

    title, _, text = METHOD.read_text(encoding="utf-8").partition("\n")
    markdown = Markdown(extensions=EXTENSIONS, extension_configs={"toc": {"toc_depth": "2"}})
    introduction, *sections = re.split(r"(?=<h2 )", _with_scrolling_tables(markdown.convert(text)))
    page = render(
        "release/method.html.j2",
        sample=card.sample,
        card=card,
        title=title.removeprefix("# "),
        introduction=introduction,
        contents=markdown.toc,  # type: ignore[attr-defined]  # set by the extension toc
        sections=sections,
    )
    path.write_text(page, encoding="utf-8")
    return path


def _with_scrolling_tables(html: str) -> str:
    """Wrap each table in a box that scrolls, for narrow screens."""
    opening = '<div class="scroll" tabindex="0"><table>'
    return html.replace("<table>", opening).replace("</table>", "</table></div>")
