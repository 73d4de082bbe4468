#!/bin/sh
# Makes a virtual environment with pip in the folder $2, by the Python $1, on a machine where
# Debian's or Ubuntu's Python may stand alone: they ship venv without ensurepip. Needs no root:
# apt fetches the distribution's own pip wheel into a folder here, and pip then installs itself.
set -eu
python=$1 venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "需要 Python 3.11 或更高版本：请安装后执行 make PYTHON=python3.12 …" >&2
  echo "Python 3.11 or newer is needed: install it and run make PYTHON=python3.12 ..." >&2
  exit 1
}
if "$python" -c 'import ensurepip' 2>/dev/null; then
  exec "$python" -m venv "$venv"
fi

trap 'rm -rf "$venv"' EXIT
"$python" -m venv --without-pip "$venv"
apt=$PWD/$venv/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
cat >"$apt/apt.conf" <<CONF
Dir::State::Lists "$apt/lists";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
CONF
wheels() {
  APT_CONFIG=$apt/apt.conf apt-get -qq -o APT::Sandbox::User=root update &&
    (cd "$apt" && APT_CONFIG=$apt/apt.conf apt-get -qq -o APT::Sandbox::User=root download python3-pip-whl) &&
    dpkg-deb -x "$apt"/python3-pip-whl_*.deb "$apt/root"
}
wheels >"$apt/log" 2>&1 || {
  cat "$apt/log" >&2
  echo "本机 Python 缺少 ensurepip,且无法取得 pip:请执行 sudo apt install python3-venv 后重试。" >&2
  echo "This Python lacks ensurepip and pip could not be fetched: run sudo apt install python3-venv, then again." >&2
  exit 1
}
PYTHONPATH=$(echo "$apt"/root/usr/share/python-wheels/pip-*.whl) \
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check pip
rm -rf "$apt"
trap - EXIT
