// SPDX-License-Identifier: MIT
#pragma once

// What becomes of the bytes that come.

#include <memory>
#include <ostream>
#include <string>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>
#include <tools/listen/listen.hpp>
#include <tools/listen/party.hpp>

namespace portsock::tools {

/// Takes bytes, each with who they are from. `who.received` includes them already.
class sink {
 public:
  virtual ~sink() = default;

  /// False: they could not be written. what() then says where to.
  virtual bool take(const party& who, const_bytes bytes) = 0;
  /// Bytes that went to `who`; `who.sent` includes them already.
  virtual bool gave(const party& /*who*/, const_bytes /*bytes*/) { return true; }
  /// Nothing more comes from `who`.
  virtual bool end(const party& /*who*/) { return true; }
  /// "standard output", or a file's name.
  virtual std::string what() const { return "standard output"; }
};

/// As the options want it. Nothing is returned when a file cannot be opened; `where` is its name
/// then. `output` must outlive the sink.
std::unique_ptr<sink> make_sink(const listen_options& options, std::ostream& output,
                                std::string& where);

/// One file for each client, in a folder (folder_sink.cpp).
std::unique_ptr<sink> make_folder_sink(const std::string& folder, const std::string& pattern);
/// Each line after its sender (label_sink.cpp).
std::unique_ptr<sink> make_label_sink(std::ostream& output);

/// "%n-%a-%p" with the number, the address and the port of `who`. Characters that some system does
/// not allow in names become '_'.
std::string file_name_for(const party& who, const std::string& pattern);

}  // namespace portsock::tools
