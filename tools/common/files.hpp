// SPDX-License-Identifier: MIT
#pragma once

// Files by their UTF-8 names, on every system.

#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace portsock::tools {

/// The file, open for reading bytes; nullptr when it cannot be read. A folder cannot. A read that
/// fails makes the stream bad, which libc++'s ifstream takes for an end.
std::shared_ptr<std::istream> open_file(std::string_view utf8_name);
/// A new or emptied file. Each write goes to the system at once, and one that fails makes the
/// stream bad; nullptr when it cannot be written.
std::unique_ptr<std::ostream> create_file(std::string_view utf8_name);
/// Whether it is a file in the narrow sense: no pipe, no device.
bool is_regular(std::string_view utf8_name);
/// All of it; nothing when it cannot be read.
std::optional<std::string> read_whole_file(std::string_view utf8_name);
/// Whoever waits for the file to appear finds it whole: it is written beside its place first.
bool write_whole_file(std::string_view utf8_name, std::string_view content);

}  // namespace portsock::tools
