# shellcheck shell=bash
# Sourced by dev: fetches wheels from PyPI and unpacks them into a cache that all checkouts share.

# wheel_store: the cache folder, or one in the checkout where that cannot be written.
wheel_store() {
    local store=${XDG_CACHE_HOME:-${HOME:-$root}/.cache}/basin
    mkdir -p "$store" 2>/dev/null && [[ -w $store ]] || store=$root/.deps/store
    mkdir -p "$store" || fail "cannot write in $store: what is fetched goes there"
    echo "$store"
}

# lock_store STORE ... exec 9>&-: one fetch at a time.
lock_store() {
    exec 9>"$1/lock"
    flock -n 9 || { say "another ./dev is fetching: waiting for it"; flock 9; }
}

# fetch_wheels STORE NAME REQUIREMENTS WHAT MEGABYTES: the wheels of tools/REQUIREMENTS, unpacked in STORE/NAME, which appears
# only when it is whole: what an interrupted fetch left is thrown away. Wheels for Python 3.11 whatever Python is here.
fetch_wheels() {
    local store=$1 part=$1/$2.part requirements=$root/tools/$3 what=$4 megabytes=$5 machine python="" candidate wheel platforms=()
    machine=$(uname -m)
    [[ $machine == x86_64 || $machine == aarch64 ]] ||
        fail "there are no wheels for $machine: set BASIN_TORCH to a PyTorch of your own, or BASIN_TORCH=OFF to build without networks"
    for candidate in python3 /usr/bin/python3; do
        "$candidate" -m pip --version >/dev/null 2>&1 && python=$candidate && break
    done
    [[ -n $python ]] || fail "python3 has no pip: install the package python3-pip"
    rm -rf "$part" "${store:?}/$2"
    need_disk "$store" "$megabytes" "the files of ${what%%,*}"
    say "fetching $what from PyPI into $store"
    mkdir -p "$part/tmp"
    for candidate in 2_28 2_27 2_25 2_24 2_18 2_17; do platforms+=(--platform "manylinux_${candidate}_$machine"); done
    if ! TMPDIR=$part/tmp "$python" -m pip download --no-deps --require-hashes --only-binary=:all: --no-cache-dir \
        --implementation cp --abi cp311 --python-version 3.11 "${platforms[@]}" --platform "manylinux2014_$machine" \
        --disable-pip-version-check --dest "$part/wheels" -r "$requirements" 2>&1 | tee "$log"; then
        rm -rf "$part"
        wheel_disk_full "$store" "$megabytes"
        grep -q 'DO NOT MATCH THE HASHES' "$log" &&
            fail "a wheel is not the one that tools/$3 names: it was cut short or changed on the way; run ./dev again"
        grep -qiE 'name resolution|NewConnectionError|connection|timed out|ProxyError|SSLError' "$log" &&
            fail "${what%%,*} could not be fetched: no network, or pypi.org cannot be reached (details: $log)"
        fail "${what%%,*} could not be fetched (details: $log)"
    fi
    for wheel in "$part"/wheels/*.whl; do
        say "unpacking ${wheel##*/}"
        "$python" -m zipfile -e "$wheel" "$part" 2>"$log" && rm "$wheel" && continue
        rm -rf "$part"
        wheel_disk_full "$store" "$megabytes"
        fail "${wheel##*/} could not be unpacked (details: $log)"
    done
    rm -rf "$part/tmp" "$part/wheels"
    mv -T "$part" "$store/$2"
}

wheel_disk_full() { # STORE MEGABYTES: fails when that is what the log or the disk says
    check_disk_full "$1"
    ! grep -q 'No space left' "$log" || fail "the disk that holds $1 is full: $2 MB are needed while things are unpacked"
}
