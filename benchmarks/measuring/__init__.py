"""What the benchmarks measure with: an installation, a server, a browser, a process."""
