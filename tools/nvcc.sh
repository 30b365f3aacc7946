# shellcheck shell=bash
# Sourced by dev: the CUDA compiler, the machine's own or the one from PyPI.

# ensure_nvcc: leaves nvcc's path in CUDACXX.
ensure_nvcc() {
    local candidate store version=13.2.86
    for candidate in "${CUDACXX:-}" "$(command -v nvcc || true)" /usr/local/cuda/bin/nvcc; do
        if [[ -x $candidate ]]; then export CUDACXX=$candidate; return; fi
    done
    store=$(wheel_store)
    lock_store "$store"
    if [[ ! -e $store/nvcc-$version/ready ]]; then
        fetch_wheels "$store" "nvcc-$version" nvcc-requirements.txt "nvcc $version, the CUDA compiler (170 MB)" 1500
        local toolkit=$store/nvcc-$version/nvidia/cu13
        # Wheels keep no execute bits, and no name to link by.
        chmod -R u+x "$toolkit/bin" "$toolkit/nvvm/bin"
        [[ -e $toolkit/lib/libcudart.so ]] || ln -s libcudart.so.13 "$toolkit/lib/libcudart.so"
        [[ -e $toolkit/lib64 ]] || ln -s lib "$toolkit/lib64"
        touch "$store/nvcc-$version/ready"
    fi
    exec 9>&-
    export CUDACXX=$store/nvcc-$version/nvidia/cu13/bin/nvcc
}

# cuda_architectures: of the preset "cuda", for builds of other presets that have the kernels too.
cuda_architectures() {
    grep -oE '"CMAKE_CUDA_ARCHITECTURES": "[^"]*"' "$root/CMakePresets.json" | cut -d'"' -f4
}
