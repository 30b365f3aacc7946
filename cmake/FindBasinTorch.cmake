# Finds the LibTorch inside an installed or unpacked PyTorch and makes one imported target, Basin::Torch.
# Looked for in BASIN_TORCH_DIR (cache or environment: the torch folder of a PyTorch, or the folder around it),
# else in .deps/torch-<version> and in the cache folder where `./dev setup` puts it. PyTorch's own CMake package is not used: it looks for CUDA.
file(STRINGS "${PROJECT_SOURCE_DIR}/cmake/torch_version.txt" basin_torch_pin LIMIT_COUNT 1 REGEX "^[0-9.]+$")
if(NOT BASIN_TORCH_DIR AND DEFINED ENV{BASIN_TORCH_DIR})
  set(BASIN_TORCH_DIR "$ENV{BASIN_TORCH_DIR}")
endif()
set(BASIN_TORCH_DIR "${BASIN_TORCH_DIR}" CACHE PATH "The torch folder of an installed PyTorch; empty: the one ./dev setup fetched")

if(BASIN_TORCH_DIR)
  set(basin_torch_places "${BASIN_TORCH_DIR}/torch" "${BASIN_TORCH_DIR}")
else()
  set(basin_torch_cache "$ENV{XDG_CACHE_HOME}")
  if(NOT basin_torch_cache)
    set(basin_torch_cache "$ENV{HOME}/.cache")
  endif()
  set(basin_torch_places "${PROJECT_SOURCE_DIR}/.deps/torch-${basin_torch_pin}/torch"
                         "${basin_torch_cache}/basin/torch-${basin_torch_pin}/torch")
endif()
set(basin_torch_root "")
foreach(place IN LISTS basin_torch_places)
  if(EXISTS "${place}/lib/libtorch_cpu.so" AND EXISTS "${place}/include/torch/csrc/api/include/torch/torch.h")
    set(basin_torch_root "${place}")
    break()
  endif()
endforeach()

set(basin_torch_found_version "")
if(basin_torch_root AND EXISTS "${basin_torch_root}/version.py")
  file(STRINGS "${basin_torch_root}/version.py" line LIMIT_COUNT 1 REGEX "^__version__ *=")
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" basin_torch_found_version "${line}")
endif()
set(BasinTorch_ROOT_DIR "${basin_torch_root}")

list(JOIN basin_torch_places " or " basin_torch_places)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BasinTorch
  REQUIRED_VARS BasinTorch_ROOT_DIR
  VERSION_VAR basin_torch_found_version
  REASON_FAILURE_MESSAGE "no LibTorch in ${basin_torch_places}: run ./dev setup, set BASIN_TORCH_DIR to the torch folder of an installed PyTorch, or configure with -DBASIN_TORCH=OFF")
if(BasinTorch_FOUND AND basin_torch_found_version VERSION_LESS 2.11)
  message(FATAL_ERROR "PyTorch in ${basin_torch_root} is ${basin_torch_found_version}; Basin needs 2.11 or newer")
endif()

if(BasinTorch_FOUND AND NOT TARGET Basin::Torch)
  add_library(Basin::Torch INTERFACE IMPORTED)
  target_include_directories(Basin::Torch SYSTEM INTERFACE
    "${basin_torch_root}/include" "${basin_torch_root}/include/torch/csrc/api/include")
  # The wheel's libraries lean on CUDA libraries that a machine without a GPU never loads.
  target_link_options(Basin::Torch INTERFACE -Wl,--allow-shlib-undefined "-Wl,-rpath,${basin_torch_root}/lib")
  target_link_libraries(Basin::Torch INTERFACE
    "-Wl,--push-state,--no-as-needed" "${basin_torch_root}/lib/libtorch_cpu.so" "${basin_torch_root}/lib/libc10.so" "-Wl,--pop-state")
  target_compile_definitions(Basin::Torch INTERFACE BASIN_WITH_TORCH)
endif()

# For what needs CUDA's headers: those beside the wheel, else a toolkit's. Not there: no CUDA graphs. The runtime's headers
# need those of a package of their own, crt, and where these lie the others do too.
find_path(BASIN_CUDA_INCLUDE_DIR crt/host_config.h
  HINTS "${basin_torch_root}/../nvidia/cu13/include" "${basin_torch_root}/../nvidia/cuda_runtime/include"
        /usr/local/cuda/include ENV CUDA_HOME PATH_SUFFIXES include NO_DEFAULT_PATH)
mark_as_advanced(BASIN_CUDA_INCLUDE_DIR)
if(BasinTorch_FOUND AND NOT TARGET Basin::TorchCuda AND BASIN_CUDA_INCLUDE_DIR
   AND EXISTS "${basin_torch_root}/lib/libtorch_cuda.so" AND EXISTS "${basin_torch_root}/include/ATen/cuda/CUDAGraph.h")
  add_library(Basin::TorchCuda INTERFACE IMPORTED)
  target_include_directories(Basin::TorchCuda SYSTEM INTERFACE "${BASIN_CUDA_INCLUDE_DIR}")
  target_link_libraries(Basin::TorchCuda INTERFACE Basin::Torch
    "-Wl,--push-state,--no-as-needed" "${basin_torch_root}/lib/libtorch_cuda.so" "${basin_torch_root}/lib/libc10_cuda.so" "-Wl,--pop-state")
endif()
