# basin_options and basin_warnings: linked by every target of ours, so that no flag is global.

add_library(basin_options INTERFACE)
target_compile_features(basin_options INTERFACE cxx_std_20)
target_include_directories(basin_options INTERFACE "${PROJECT_SOURCE_DIR}")
# Equal bytes on every instruction set: the compiler may not turn a * b + c into one rounding.
target_compile_options(basin_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)
# LibTorch does not compile after Qt headers unless signals, slots and emit stay free.
target_compile_definitions(basin_options INTERFACE QT_NO_KEYWORDS QT_NO_FOREACH QT_USE_QSTRINGBUILDER)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(BASIN_SANITIZE)
  target_compile_options(basin_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${BASIN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer>)
  target_link_options(basin_options INTERFACE -fsanitize=${BASIN_SANITIZE})
  target_compile_definitions(basin_options INTERFACE BASIN_SANITIZED)
endif()

add_library(basin_warnings INTERFACE)
set(basin_warning_flags -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
                        -Wcast-align -Wunused -Wimplicit-fallthrough -Wduplicated-cond -Wlogical-op)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 to 14 see overlapping copies and overruns inside std::string and std::vector that are not there.
  list(APPEND basin_warning_flags -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
                                  -Wno-maybe-uninitialized)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    list(APPEND basin_warning_flags -Wno-dangling-reference)
  endif()
else()
  list(REMOVE_ITEM basin_warning_flags -Wduplicated-cond -Wlogical-op)
endif()
if(BASIN_WARNINGS_AS_ERRORS)
  list(APPEND basin_warning_flags -Werror)
endif()
target_compile_options(basin_warnings INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${basin_warning_flags}>")

# ccache, when there is one, may share what it knows between checkouts and must be told that we use precompiled headers.
find_program(BASIN_CCACHE ccache)
if(BASIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1 "${BASIN_CCACHE}")
endif()
