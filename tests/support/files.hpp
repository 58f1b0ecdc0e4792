// SPDX-License-Identifier: MIT
#pragma once

// Files for tests: made in the system's folder for temporary ones, and deleted again.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/bytes.hpp>
#include <portsock/file.hpp>

namespace portsock::tests {

/// A file's name, which nobody else has, and which is gone with the object.
class temporary_file {
 public:
  /// Nothing is there yet.
  explicit temporary_file(std::string_view name = "file");
  explicit temporary_file(const_bytes content);
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file();

  std::string path() const;
  void append(const_bytes bytes) const;
  std::vector<std::byte> content() const;
  /// Cuts it, or makes it longer without writing anything.
  void resize(std::uint64_t size) const;
  /// As large as this without taking room on the disk; false where the file system cannot.
  bool make_sparse(std::uint64_t size) const;

 private:
  std::filesystem::path path_;
};

/// The two ends of a pipe of the system's, which are files to the library.
struct file_pipe {
  unique_file read;
  unique_file write;
};
file_pipe open_pipe();

}  // namespace portsock::tests
