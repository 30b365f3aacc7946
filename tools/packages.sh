# shellcheck shell=bash
# Sourced by dev: the distribution's packages, as packages.txt lists them.

# wanted_packages SECTION...: one line a package, "name name ...<tab>why".
wanted_packages() {
    awk -v sections=" $* " '
        /^\[.*\]$/ { on = index(sections, " " substr($0, 2, length($0) - 2) " "); next }
        !on || /^[ \t]*(#|$)/ { next }
        { why = $0; sub(/^[^#]*#[ ]*/, "", why); sub(/[ ]*#.*/, ""); gsub(/[ ]*\|[ ]*/, " "); print $0 "\t" why }
    ' "$root/packages.txt"
}

# missing_packages SECTION...: the lines of wanted_packages of which no name is installed, nor provided by another package.
missing_packages() {
    local names why name installed
    installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package} ${Provides}\n' | sed -n 's/^installed //p' | tr -s '\n,' ' ') "
    while IFS=$'\t' read -r names why; do
        for name in $names; do
            [[ $installed == *" $name "* ]] && continue 2
        done
        printf '%s\t%s\n' "$names" "$why"
    done < <(wanted_packages "$@")
}

# apt_knows NAME: apt can install it.
apt_knows() {
    apt-cache show --no-all-versions "$1" 2>/dev/null | grep '^Package:' >/dev/null # -q would break the pipe
}

# ensure_packages SECTION...: installs what is missing, after saying what and why.
ensure_packages() {
    local missing names why name chosen=() sudo=()
    if ! command -v apt-get dpkg-query >/dev/null; then
        [[ -e $root/.deps/packages-by-hand ]] && return
        touch "$root/.deps/packages-by-hand"
        say "this is not Debian or Ubuntu: install what packages.txt lists by hand; going on as if that were done"
        return
    fi
    missing=$(missing_packages "$@")
    [[ -n $missing ]] || return 0

    say "these packages are missing and will be installed with apt-get:"
    while IFS=$'\t' read -r names why; do printf '    %-24s %s\n' "${names%% *}" "$why"; done <<<"$missing"
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null ||
            fail "packages are missing and there is no sudo: run as root: apt-get install $(cut -f1 <<<"$missing" | awk '{printf "%s ", $1}')"
        sudo=(sudo)
    fi
    need_disk / 1500 "the packages"
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300)
    # What an interrupted installation left behind is finished first; an unreachable list may not matter.
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null 2>&1 || true
    "${apt[@]}" update >"$log" 2>&1 || true
    while IFS=$'\t' read -r names why; do
        for name in $names; do
            if [[ $name == "$names" ]] || apt_knows "$name"; then chosen+=("$name"); continue 2; fi
        done
        apt_trouble "apt knows no package ${names// / or } ($why)"
    done <<<"$missing"
    "${apt[@]}" --fix-broken --no-install-recommends install "${chosen[@]}" 2>&1 | tee -a "$log" |
        grep -E '^(Need to get|Fetched)' || true
    missing=$(missing_packages "$@")
    [[ -z $missing ]] || apt_trouble "apt-get could not install $(cut -f1 <<<"$missing" | awk '{printf "%s ", $1}')"
}

# apt_trouble SENTENCE: fails with the likeliest cause in apt's log.
apt_trouble() {
    check_disk_full /
    if grep -qiE 'temporary failure resolving|could not resolve|could not connect|connection (failed|timed out)|network is unreachable|failed to fetch' "$log"; then
        fail "$1: no network, or the package mirror cannot be reached (details: $log)"
    fi
    fail "$1 (details: $log)"
}
