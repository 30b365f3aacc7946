# shellcheck shell=bash
# Sourced by dev: LibTorch, unpacked from PyTorch's wheel into a cache that all checkouts share.

torch_version=$(<"$root/cmake/torch_version.txt")

# torch_complete FOLDER: a whole LibTorch is in FOLDER/torch.
torch_complete() {
    [[ -e $1/torch/lib/libtorch_cpu.so && -e $1/torch/lib/libc10.so && -e $1/torch/include/torch/csrc/api/include/torch/torch.h ]]
}

# ensure_torch: leaves LibTorch in .deps/torch-<version>, or checks the one that BASIN_TORCH names.
ensure_torch() {
    case ${BASIN_TORCH:-} in
    "" | ON | 1) ;;
    OFF | 0) return ;;
    *)
        torch_complete "$BASIN_TORCH" || torch_complete "$BASIN_TORCH/.." ||
            fail "BASIN_TORCH=$BASIN_TORCH holds no LibTorch: name the torch folder of an installed PyTorch, or unset it"
        return
        ;;
    esac
    local here=$root/.deps/torch-$torch_version
    torch_complete "$here" && return
    local store=${XDG_CACHE_HOME:-${HOME:-$root}/.cache}/basin
    mkdir -p "$root/.deps" 2>/dev/null || fail "cannot write in $root/.deps: LibTorch is linked there"
    mkdir -p "$store" 2>/dev/null && [[ -w $store ]] || store=$root/.deps/store
    mkdir -p "$store"
    # One fetch at a time; what an interrupted one left is thrown away. A finished folder appears under its name at once.
    exec 9>"$store/lock"
    flock -n 9 || { say "another ./dev is fetching LibTorch: waiting for it"; flock 9; }
    torch_complete "$store/torch-$torch_version" || fetch_torch "$store"
    exec 9>&-
    rm -rf "$here" && ln -s "$store/torch-$torch_version" "$here"
}

fetch_torch() {
    local store=$1 part=$1/torch-$torch_version.part machine python="" candidate wheel platforms=()
    machine=$(uname -m)
    [[ $machine == x86_64 || $machine == aarch64 ]] ||
        fail "there is no LibTorch for $machine: set BASIN_TORCH to a PyTorch of your own, or BASIN_TORCH=OFF to build without networks"
    for candidate in python3 /usr/bin/python3; do
        "$candidate" -m pip --version >/dev/null 2>&1 && python=$candidate && break
    done
    [[ -n $python ]] || fail "python3 has no pip: install the package python3-pip"
    rm -rf "$part" "$store/torch-$torch_version"
    need_disk "$store" 2600 "the files of LibTorch"
    say "fetching LibTorch $torch_version, the part of PyTorch that networks need: 550 MB from PyPI, 1.2 GB in $store"
    mkdir -p "$part/tmp"
    for candidate in 2_28 2_27 2_25 2_24 2_17; do platforms+=(--platform "manylinux_${candidate}_$machine"); done
    if ! TMPDIR=$part/tmp "$python" -m pip download --no-deps --require-hashes --only-binary=:all: --no-cache-dir \
        --implementation cp --abi cp311 --python-version 3.11 "${platforms[@]}" --platform "manylinux2014_$machine" \
        --disable-pip-version-check --dest "$part/wheels" -r "$root/tools/torch-requirements.txt" 2>&1 | tee "$log"; then
        rm -rf "$part"
        check_disk_full "$store"
        grep -q 'No space left' "$log" && fail "the disk that holds $store is full: LibTorch needs 2.6 GB while it is unpacked"
        grep -q 'DO NOT MATCH THE HASHES' "$log" && fail "a wheel is not the one that tools/torch-requirements.txt names: it was cut short or changed on the way; run ./dev again"
        grep -qiE 'name resolution|NewConnectionError|connection|timed out|ProxyError|SSLError' "$log" &&
            fail "LibTorch could not be fetched: no network, or pypi.org cannot be reached (details: $log)"
        fail "LibTorch could not be fetched (details: $log)"
    fi
    for wheel in "$part"/wheels/*.whl; do
        say "unpacking ${wheel##*/}"
        "$python" -m zipfile -e "$wheel" "$part" 2>"$log" && rm "$wheel" && continue
        rm -rf "$part"
        check_disk_full "$store"
        grep -q 'No space left' "$log" && fail "the disk that holds $store is full: LibTorch needs 2.6 GB while it is unpacked"
        fail "${wheel##*/} could not be unpacked (details: $log)"
    done
    rm -rf "$part/tmp" "$part/wheels"
    torch_complete "$part" || fail "PyTorch's wheel no longer holds LibTorch where it was: see tools/torch.sh"
    mv -T "$part" "$store/torch-$torch_version"
}
