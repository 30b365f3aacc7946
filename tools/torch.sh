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
    local store
    store=$(wheel_store)
    lock_store "$store"
    torch_complete "$store/torch-$torch_version" || fetch_wheels "$store" "torch-$torch_version" torch-requirements.txt \
        "LibTorch $torch_version, the part of PyTorch that networks need (550 MB, 1.2 GB unpacked)" 2600
    torch_complete "$store/torch-$torch_version" || fail "PyTorch's wheel no longer holds LibTorch where it was: see tools/torch.sh"
    exec 9>&-
    rm -rf "$here" && ln -s "$store/torch-$torch_version" "$here"
}

