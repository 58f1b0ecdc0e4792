# SPDX-License-Identifier: MIT
# What is installed: the library for CMake and for pkg-config (component Development), and the
# tools (component Tools).

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/portsock)

set(libraries portsock)
if(PORTSOCK_BUILD_MEMORY)
  list(APPEND libraries portsock_memory)
endif()
install(
  TARGETS ${libraries}
  EXPORT portsock
  ARCHIVE COMPONENT Development
  LIBRARY COMPONENT Development NAMELINK_COMPONENT Development
  RUNTIME COMPONENT Development
  FILE_SET HEADERS COMPONENT Development)
install(
  EXPORT portsock
  FILE portsockTargets.cmake
  NAMESPACE portsock::
  DESTINATION ${package_dir}
  COMPONENT Development)

configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/portsockConfig.cmake.in ${PROJECT_BINARY_DIR}/portsockConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/portsockConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(
  FILES ${PROJECT_BINARY_DIR}/portsockConfig.cmake ${PROJECT_BINARY_DIR}/portsockConfigVersion.cmake
  DESTINATION ${package_dir}
  COMPONENT Development)

# The .pc file finds its prefix from where it lies, so that an installed tree can be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY
           ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig OUTPUT_VARIABLE up_to_prefix)
if(WIN32)
  set(system_libraries "-lws2_32 -lmswsock -liphlpapi")
else()
  set(system_libraries "-pthread")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/portsock.pc.in ${PROJECT_BINARY_DIR}/portsock.pc @ONLY)
install(
  FILES ${PROJECT_BINARY_DIR}/portsock.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT Development)

if(PORTSOCK_BUILD_TOOLS)
  install(TARGETS socksend socklisten sockping RUNTIME COMPONENT Tools)
  set(tool_files ${PROJECT_SOURCE_DIR}/tools)
  file(GLOB manuals ${tool_files}/man/*.1)
  install(FILES ${manuals} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT Tools)
  # Where each shell looks for what is not its own.
  foreach(tool socksend socklisten sockping)
    install(
      FILES ${tool_files}/completions/${tool}.bash
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
      RENAME ${tool}
      COMPONENT Tools)
    install(
      FILES ${tool_files}/completions/_${tool}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
      COMPONENT Tools)
  endforeach()
  file(GLOB schemas ${tool_files}/schemas/*.json)
  install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/portsock COMPONENT Tools)
  install(FILES ${tool_files}/completions/portsock.ps1
          DESTINATION ${CMAKE_INSTALL_DATADIR}/portsock COMPONENT Tools)
endif()
