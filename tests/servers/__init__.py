"""Real servers that tests publish to, and a proxy that stands in between and injects faults.

Each server is an extra of its own and may be absent: its tests are skipped then, or fail where
`FEEDPUB_REQUIRE_SERVERS` is set.
"""
