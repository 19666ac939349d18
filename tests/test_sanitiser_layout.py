"""Formulas and layout: what a page drew, as what it meant."""

from __future__ import annotations

import pytest

from feedpub.sanitiser import sanitise

IMG = '<img src="https://a.example/1.jpg" referrerpolicy="no-referrer">'
PICTURE = "<img src=https://a.example/1.jpg>"


def clean(html: str) -> str:
    page = sanitise(html).html
    assert sanitise(page).html == page
    return page


def tex(formula: str) -> str:
    return f'<annotation encoding="application/x-tex">{formula}</annotation>'


@pytest.mark.parametrize(
    ("html", "reads"),
    [
        ((f"<span class=katex><span class=katex-mathml><math><semantics><mrow><mi>a</mi></mrow>{tex('a^2')}</semantics>"
         "</math></span><span class=katex-html>a2</span></span>"), "<code>a^2</code>"),
        ("<math alttext='{\\displaystyle x+1}'><mi>x</mi></math>", "<code>x+1</code>"),
        ("<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>", "<code>a/(b+1)</code>"),
        ("<math><mroot><mi>a</mi><mn>3</mn></mroot><mfenced><mi>a</mi><mi>b</mi></mfenced></math>",
         "<code>a^(1/3)(a, b)</code>"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><msqrt><mn>2</mn></msqrt></math>", "<code>x^2=√2</code>"),
        ("<math><msubsup><mo>∑</mo><mi>i</mi><mi>n</mi></msubsup><msub><mi>x</mi><mi>i</mi></msub></math>",
         "<code>∑_i^nx_i</code>"),
        ("<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable></math>", "<code>1 2;</code>"),
        (("<span class=MathJax_Preview>p</span><span class=MathJax>x2</span><script type='math/tex; mode=display'>x^2"
         "</script>"), "<code>x^2</code>"),
        (("<mjx-container><mjx-math>x</mjx-math><mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml>"
         "</mjx-container>"), "<code>x</code>"),
        (f"<span class=mwe><math><mi>x</mi></math>{PICTURE}</span>", f"<code>x</code>{IMG}"),
        (f"<span class=katex><math><mi>x</mi></math>{PICTURE}</span>", IMG),
    ],
)  # fmt: skip
def test_a_formula_says_what_it_means(html: str, reads: str) -> None:
    assert clean(f"<p>设{html}则</p>") == f"<p>设{reads}则</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<math></math>",
        f"<math><mi>{'x' * 2001}</mi></math>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'></math>",
    ],
)
def test_what_is_no_formula_goes_as_before(html: str) -> None:
    assert "code" not in clean(f"<p>设{html}则</p>")


def test_a_formula_is_text_whatever_it_holds() -> None:
    assert clean(f"<math>{tex('&lt;script&gt;alert(1)&lt;/script&gt;')}</math>") == (
        "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>"
    )


def test_deep_mathml_ends() -> None:
    assert clean("<math>" + "<mrow>" * 150 + "<mi>x</mi>" + "</mrow>" * 150 + "</math>") == "<code>x</code>"


@pytest.mark.parametrize(
    ("html", "reads"),
    [
        ("<table><tbody><tr><td colspan=2>甲<br>乙</td></tr></tbody></table>", "<div>甲<br>乙</div>"),
        ("<table><td><table><td><p>甲</p></td></table></td></table>", "<div><div><p>甲</p></div></div>"),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", None),
        ("<table><tr><th>甲</th></tr></table>", None),
        ("<table><caption>甲</caption><tr><td>乙</td></tr></table>", None),
        (f"<ul><li><figcaption>{PICTURE}</figcaption></li></ul>", f"<div><div><div>{IMG}</div></div></div>"),
        (f"<ul><li>{PICTURE}</li><li>{PICTURE}</li></ul>", f"<div><div>{IMG}</div><div>{IMG}</div></div>"),
        (f"<ul><li>{PICTURE}</li><li>甲</li></ul>", f"<ul><li>{IMG}</li><li>甲</li></ul>"),
        ("<figcaption>甲</figcaption>", "<div>甲</div>"),
        (f"<figure><div>{PICTURE}<figcaption>甲</figcaption>乙</div></figure>",
         f"<figure><div>{IMG}乙</div><figcaption>甲</figcaption></figure>"),
        (f"<figure>{PICTURE}<figcaption>甲</figcaption><p><figcaption>乙</figcaption></p></figure>",
         f"<figure>{IMG}<figcaption>甲</figcaption><div><div>乙</div></div></figure>"),
        (f"<ul><i></i><li>{PICTURE}</li></ul>", f"<div><div>{IMG}</div></div>"),
        ("<table><td><b>海量资讯、精准解读，尽在新浪财经APP</b></table>", ""),
    ],
)  # fmt: skip
def test_layout_is_undone_and_tables_and_lists_stay(html: str, reads: str | None) -> None:
    page = clean(html)
    assert page == reads or (reads is None and page.startswith("<table>"))
