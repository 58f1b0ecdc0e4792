# SPDX-License-Identifier: MIT
# ci/demo.ps1   builds the three tools and lets them talk to each other on this host: TCP, UDP, ping

. "$PSScriptRoot/windows.ps1"
Set-Location (Split-Path $PSScriptRoot)
Build-Preset msvc -DPORTSOCK_BUILD_TESTS=OFF

$tools = "$PWD/build/msvc/bin/RelWithDebInfo"
$address = (Get-NetIPAddress -AddressFamily IPv4 -AddressState Preferred |
        Sort-Object { $_.IPAddress -eq '127.0.0.1' } | Select-Object -First 1).IPAddress

# Starts socklisten on a port that the system chooses, sends it a message, and expects that back.
function Show-Exchange([string[]] $listen, [string[]] $send) {
    $log = New-TemporaryFile
    "`n> socklisten ${address}:0 $listen"
    $listener = Start-Process "$tools/socklisten.exe" -ArgumentList (@("${address}:0") + $listen) `
        -NoNewWindow -PassThru -RedirectStandardError $log -RedirectStandardOutput "$log.out"
    try {
        $port = $null
        for ($i = 0; -not $port -and $i -lt 200; ++$i) {
            Start-Sleep -Milliseconds 100
            if ((Get-Content -Raw $log) -match 'listening on .*:(\d+)') { $port = $Matches[1] }
        }
        "> socksend $address $port $send"
        $answer = Invoke-Checked "$tools/socksend.exe" $address $port @send --message 'hello, portsock'
        $answer
        if ($answer -ne 'hello, portsock') { throw 'the answer is not what was sent' }
        if (-not $listener.WaitForExit(10000)) { throw 'socklisten did not end' }
        Get-Content $log
    } finally {
        if (-not $listener.HasExited) { $listener.Kill() }
        Remove-Item $log, "$log.out" -ErrorAction SilentlyContinue
    }
}

Show-Exchange @('--once', '--echo') @()
Show-Exchange @('--udp', '--once', '--echo') @('--udp', '--wait', '2')
"`n> sockping $address -c 3"
Invoke-Checked "$tools/sockping.exe" $address -c 3 -i 0.2
