#!/bin/sh
# The browser tests drive Debian's chromium. Where we may, install it; elsewhere they skip and say why.
command -v chromium >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
echo "Installing chromium for the browser tests..."
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 ||
  echo "chromium could not be installed: the browser tests will skip."
exit 0
