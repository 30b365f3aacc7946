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

# torch_cuda_complete FOLDER: libtorch_cuda.so of FOLDER/torch finds what it is linked with.
torch_cuda_complete() {
    local nvidia=$1/nvidia
    [[ -e $1/torch/lib/libtorch_cuda.so && -e $nvidia/cu13/lib/libcublas.so.13 && -e $nvidia/cu13/lib/libcusparse.so.12 &&
        -e $nvidia/cudnn/lib/libcudnn.so.9 && -e $nvidia/nccl/lib/libnccl.so.2 && -e $nvidia/cusparselt/lib/libcusparseLt.so.0 &&
        -e $nvidia/nvshmem/lib/libnvshmem_host.so.3 ]]
}

# ensure_torch_cuda: after ensure_torch, for a run on an NVIDIA GPU. The packages are unpacked apart, so that one who never
# asks never has them, and LibTorch's folder gets links to them where its libraries look.
ensure_torch_cuda() {
    local store name=torch-cuda-$torch_version here=$root/.deps/torch-$torch_version from to part library
    case ${BASIN_TORCH:-} in
    "" | ON | 1) ;;
    OFF | 0) say "BASIN_TORCH=${BASIN_TORCH}: no networks, so LibTorch's CUDA libraries are not fetched"; return ;;
    *)
        torch_cuda_complete "$BASIN_TORCH" || torch_cuda_complete "$BASIN_TORCH/.." ||
            say "BASIN_TORCH=$BASIN_TORCH is used with the CUDA libraries of its own Python"
        return
        ;;
    esac
    torch_cuda_complete "$here" && return
    store=$(wheel_store)
    lock_store "$store"
    [[ -e $store/$name/nvidia ]] || fetch_wheels "$store" "$name" torch-cuda-requirements.txt \
        "the CUDA libraries of LibTorch $torch_version (2.1 GB, 3.0 GB unpacked)" 5400
    from=$store/$name/nvidia to=$store/torch-$torch_version/nvidia
    for part in "$from"/*/; do
        part=$(basename "$part")
        [[ -e $to/$part ]] || ln -s "../../$name/nvidia/$part" "$to/$part"
    done
    # The folder cu13 is shared with the packages that came with the wheel: its libraries are linked one by one.
    for library in "$from"/cu13/lib/*; do
        [[ -e $to/cu13/lib/${library##*/} ]] || ln -s "../../../../$name/nvidia/cu13/lib/${library##*/}" "$to/cu13/lib/"
    done
    exec 9>&-
    torch_cuda_complete "$here" || fail "the CUDA libraries no longer lie where LibTorch looks for them: see tools/torch.sh"
}
