# shellcheck shell=sh
# Sourced by run, test and build, with $root set to the checkout: makes .venv fit to start from.
#
#   prepare ""           what the application needs
#   prepare "test,dev"   and what its tests and checks need
#
# A stamp, written last, says what .venv holds. While it matches, nothing is installed and nothing is asked of the network.

: "${root:?}"
venv=$root/.venv
stamp=$venv/.nnstudio-stamp
constraints=$root/packaging/constraints.txt

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Runs a command in silence; its output is shown only when it fails.
quietly() {
    quiet_log=$(mktemp) || fail "No temporary file can be made in ${TMPDIR:-/tmp}."
    quiet_status=0
    "$@" >"$quiet_log" 2>&1 </dev/null || quiet_status=$?
    [ "$quiet_status" -eq 0 ] || cat "$quiet_log" >&2
    rm -f "$quiet_log"
    return "$quiet_status"
}

is_linux() { [ "$(uname -s)" = Linux ]; }

# --- the system's packages ------------------------------------------------------------------------------------------

# How this user runs apt-get without being asked anything: "as_root apt-get ...". Fails where that isn't possible.
can_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" -eq 0 ] || sudo -n true >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install_now() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"
}

# A fresh machine has no package lists yet, or old ones: then fetch them and try once more.
apt_install() {
    can_apt || return 1
    apt_install_now "$@" >/dev/null 2>&1 </dev/null && return 0
    quietly as_root apt-get -o DPkg::Lock::Timeout=120 update || true
    quietly apt_install_now "$@"
}

apt_command() {
    command_line="apt-get update && apt-get install -y $*"
    if [ "$(id -u)" -eq 0 ]; then
        printf '%s' "$command_line"
    elif command -v sudo >/dev/null 2>&1; then
        printf "sudo sh -c '%s'" "$command_line"
    else
        printf "su -c '%s'" "$command_line"
    fi
}

# Library and Debian package. The name of a package may change between releases (libglib2.0-0t64), that of a library doesn't.
qt_libraries='libGL.so.1 libgl1
libEGL.so.1 libegl1
libglib-2.0.so.0 libglib2.0-0
libfontconfig.so.1 libfontconfig1
libdbus-1.so.3 libdbus-1-3
libxkbcommon.so.0 libxkbcommon0'
window_libraries='libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
libxkbcommon-x11.so.0 libxkbcommon-x11-0'

# The packages, of a list as above, whose library is not there. Silent where that can't be told.
missing_of() {
    present=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
    printf '%s\n' "$1" | while read -r library package; do
        case $present in
            *"$library "*) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

missing_font() {
    if command -v fc-list >/dev/null 2>&1; then
        [ -n "$(fc-list 2>/dev/null | head -n 1)" ] && return 0
    else
        for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" "${HOME:-/}/.local/share/fonts"; do
            [ -d "$folder" ] || continue
            [ -n "$(find "$folder" -name '*.[ot]t[fc]' 2>/dev/null | head -n 1)" ] && return 0
        done
    fi
    printf 'fonts-dejavu-core '
}

# All that is missing from the system, as names of Debian packages.
missing_packages() {
    missing_of "$qt_libraries"
    missing_of "$window_libraries"
    missing_font
}

prepare_system() {
    is_linux || return 0
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if can_apt; then
        say "Installing what Qt needs from the system: $missing"
        # shellcheck disable=SC2086  # a list of names
        apt_install $missing && return 0
        say "That did not work."
    fi
    say "These system packages are missing: $missing"
    say "To install them:  $(apt_command "${missing% }")"
}

# --- Python and its environment -------------------------------------------------------------------------------------

is_suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${NNSTUDIO_PYTHON:+"$NNSTUDIO_PYTHON"} python3 python3.13 python3.12 python3.11; do
        if is_suitable "$candidate"; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

has_venv() {
    "$1" -c 'import venv, ensurepip' >/dev/null 2>&1
}

need_venv_module() {
    has_venv "$1" && return 0
    # A system's own python3 has python3-venv; a second one beside it has its own package.
    case ${1##*/} in
        python3) package=python3-venv ;;
        *) package=${1##*/}-venv ;;
    esac
    if can_apt; then
        say "Installing $package from the system ..."
        apt_install "$package" || true
    fi
    has_venv "$1" && return 0
    say "Python's venv module is missing. Install it and start again:"
    fail "  $(apt_command "$package")"
}

# Whole: it starts, is new enough, has pip, and no package in it lacks a file (an interrupted pip leaves some so).
is_whole() {
    "$venv/bin/python" -I - >/dev/null 2>&1 <<'PYTHON'
import sys
from importlib.metadata import distributions
from importlib.util import find_spec

whole = sys.version_info >= (3, 11) and sys.prefix != sys.base_prefix and find_spec("pip") is not None
for found in distributions():
    files = found.files
    whole = whole and files is not None and all(f.suffix == ".pyc" or f.locate().exists() for f in files)
sys.exit(not whole)
PYTHON
}

make_venv() {
    python=$(find_python) || {
        say "NN Studio needs Python 3.11 or newer, and found none (tried python3, python3.13, python3.12, python3.11)."
        say "On Debian 12, Ubuntu 24.04 and newer:  $(apt_command python3 python3-venv)"
        fail "Elsewhere install it from python.org, or set NNSTUDIO_PYTHON to its path."
    }
    need_venv_module "$python"
    say "Making a Python environment in .venv ..."
    rm -rf "$venv"
    quietly "$python" -m venv "$venv" || fail "The environment could not be made."
}

python_version() {
    "$venv/bin/python" -I -S -c 'import sys; print(*sys.version_info[:3], sep=".")' 2>/dev/null
}

# What .venv was made from. A moved checkout needs its commands written anew, hence the path.
made_from() {
    printf '%s %s %s\n' "$(cat "$root/pyproject.toml" "$constraints" | cksum | tr ' ' '-')" "$(python_version)" "$root"
}

# Every extra of $1 is among those of $2.
within() {
    for extra in $(printf '%s' "$1" | tr ',' ' '); do
        case ,$2, in
            *",$extra,"*) ;;
            *) return 1 ;;
        esac
    done
}

stamped_extras() {
    if [ -f "$stamp" ]; then sed -n 2p "$stamp"; fi
}

is_ready() {
    [ -f "$stamp" ] && [ -x "$venv/bin/python" ] && [ -x "$venv/bin/nnstudio" ] || return 1
    [ "$(sed -n 1p "$stamp")" = "$(made_from)" ] && within "$1" "$(stamped_extras)"
}

install_application() {
    what=$root
    [ -z "$1" ] || what="${root}[$1]"
    say "Installing NN Studio and the libraries it is made of (once, a minute or two) ..."
    quietly "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c "$constraints" -e "$what" ||
        fail "pip could not install it; the reason is above. Once that is mended, start again: what is half made is repaired."
    # pip compiles what it copies, but not a checkout that it points to; the first start would do it, and take longer.
    "$venv/bin/python" -m compileall -q "$root/nnstudio" >/dev/null 2>&1 || true
}

qt_imports() {
    QT_QPA_PLATFORM=offscreen "$venv/bin/python" -I -c 'from PySide6 import QtWidgets'
}

prepare() {
    is_ready "$1" && return 0
    extras=$1
    within "$extras" "$(stamped_extras)" && extras=$(stamped_extras) # what was there stays
    prepare_system
    rm -f "$stamp"
    is_whole || make_venv
    install_application "$extras"
    # Without its libraries Qt can't start: no stamp, so that the next start looks for them again.
    quietly qt_imports || return 0
    printf '%s\n%s\n' "$(made_from)" "$extras" >"$stamp.new"
    mv "$stamp.new" "$stamp"
}
