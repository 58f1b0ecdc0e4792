# SPDX-License-Identifier: MIT
# What ci/test.ps1 and ci/demo.ps1 share: the build with Visual Studio and vcpkg.

$ErrorActionPreference = 'Stop'

# Runs a program, and stops the script when the program fails.
function Invoke-Checked {
    $program, $arguments = $args
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { throw "$program ended with exit code $LASTEXITCODE" }
}

# Finds vcpkg, or fetches it, and says so to CMakePresets.json.
function Initialize-Vcpkg {
    $known = $env:VCPKG_INSTALLATION_ROOT, $env:VCPKG_ROOT |
        Where-Object { $_ -and (Test-Path "$_/vcpkg.exe") } | Select-Object -First 1
    if (-not $known) {
        $known = "$PWD/build/vcpkg"
        if (-not (Test-Path "$known/vcpkg.exe")) {
            Invoke-Checked git clone --depth 1 https://github.com/microsoft/vcpkg $known
            Invoke-Checked "$known/bootstrap-vcpkg.bat" -disableMetrics
        }
    }
    $env:VCPKG_ROOT = $known
}

# Configures and builds a preset. Further arguments go to the configuration.
function Build-Preset($preset) {
    Initialize-Vcpkg
    Invoke-Checked cmake --preset $preset @args
    Invoke-Checked cmake --build --preset $preset --parallel
}
