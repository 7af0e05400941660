# What ./run and ./test share: each installs only what is missing, so that the next start takes seconds.
# Read by bash, from the project's folder.

python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

need_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    say "需要 Python 3.11 或更新版本。Gridgate needs Python 3.11 or newer; PYTHON=/path/to/python3 names another one."
    exit 1
}

has_venv() { [ -x .venv/bin/pip ] && .venv/bin/python -c 'import pip' 2>/dev/null; }

has_libraries() { "$python" -c 'import ctypes, sys; [ctypes.CDLL(n) for n in sys.argv[1:]]' "$@" 2>/dev/null; }

can_have_venv() { has_venv || "$python" -c 'import ensurepip' 2>/dev/null; }

# needed_to_serve: the system packages that are missing. WeasyPrint draws PDFs with Pango.
needed_to_serve() {
    can_have_venv || echo python3-venv
    has_libraries libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0 ||
        echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
}

# system_packages PACKAGE…: by apt, as root or through sudo; fails with one sentence where that can't be done.
system_packages() {
    local as_root=()
    [ $# != 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        say "没有 apt，请自行安装 There is no apt here, please install what your system calls: $*"
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        as_root=(sudo)
        if ! command -v sudo >/dev/null || { ! [ -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            say "请让管理员执行 Please ask an administrator to run: apt-get install --no-install-recommends $*"
            return 1
        fi
    fi
    say "安装系统软件包 Installing $* …"
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
        apt-get -qq install -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

# python_packages LOCK: .venv holds exactly what the lock names; nothing to do while neither it nor Python has changed.
python_packages() {
    local lock=$1 stamp=.venv/installed-$1 wanted
    wanted=$("$python" -c 'import sys; print(sys.version_info[:2])'; sha256sum <"$lock")
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && has_venv && return
    has_venv || "$python" -m venv --clear .venv >/dev/null || exit 1
    say "安装 Python 软件包 Installing $lock …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    printf '%s\n' "$wanted" >"$stamp"
}
