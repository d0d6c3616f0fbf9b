#!/bin/sh
# The tests of the MQTT bridge speak to Debian's mosquitto. Where we may, install it; elsewhere they skip and say why.
export PATH="$PATH:/usr/sbin"
command -v mosquitto >/dev/null 2>&1 && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
echo "Installing mosquitto for the tests of the MQTT bridge..."
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -qq && apt-get install -y -qq --no-install-recommends mosquitto; } >/dev/null 2>&1 ||
  echo "mosquitto could not be installed: its tests will skip."
exit 0
