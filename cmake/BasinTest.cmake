# basin_test(name [SOURCES file...] [LIBS target...] [PROCESSORS n] [LABELS label...] [DEFINES name=value...]
#            [LOCALE de_DE])
# makes one Qt Test executable out of <name>.cpp in this folder and tells ctest about it.
# A test that is missing by name in ctest is not there: the name of file, target and test is the same.
# LOCALE runs it under that language, whether the machine has it or not (tests/CMakeLists.txt makes it).
# BASIN_SOURCE_DIR is the root of the checkout, for goldens and examples.
function(basin_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PROCESSORS;LOCALE" "SOURCES;LIBS;LABELS;DEFINES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "basin_test(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}; known are SOURCES LIBS PROCESSORS LABELS DEFINES LOCALE")
  endif()
  add_executable(${name} ${name}.cpp ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_compile_definitions(${name} PRIVATE "BASIN_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"" ${arg_DEFINES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} Qt6::Core Qt6::Test basin_options basin_warnings)
  # Qt 6.8's QTRY_ macros turn milliseconds into int in the test's own code. A source's options stand behind its target's.
  file(STRINGS ${name}.cpp waiting REGEX "QTRY_" LIMIT_COUNT 1)
  if(waiting AND Qt6_VERSION VERSION_GREATER_EQUAL 6.8)
    set_source_files_properties(${name}.cpp PROPERTIES COMPILE_OPTIONS -Wno-conversion)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
  if(arg_PROCESSORS)
    set_tests_properties(${name} PROPERTIES PROCESSORS ${arg_PROCESSORS})
  endif()
  if(arg_LOCALE)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED locale_${arg_LOCALE} ENVIRONMENT
      "LOCPATH=${PROJECT_BINARY_DIR}/locale;LC_ALL=${arg_LOCALE}.UTF-8;LANG=${arg_LOCALE}.UTF-8;LANGUAGE=${arg_LOCALE}")
  endif()
  if(arg_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  endif()
endfunction()
