@echo off
rem SPDX-License-Identifier: Apache-2.0
rem
rem Untested on Windows. Takes java from JAVA_HOME, else from the PATH (21 or newer; 24 or newer for
rem SIMD and for building), builds the jar where it is missing, and runs the command line.
rem Unlike the shell script it does not look whether sources are newer than the jar.
setlocal
for %%I in ("%~dp0..") do set "ROOT=%%~fI"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"

call :find_jar
if defined JAR goto run
echo ivfpq: building the command line with Maven (once) 1>&2
pushd "%ROOT%"
call mvnw.cmd -q -B -DskipTests clean package -pl rvc-store -am 1>&2
popd
call :find_jar
if defined JAR goto run
echo ivfpq: the build left no rvc-store-*-all.jar; building needs a JDK 24 or newer 1>&2
exit /b 1

:run
"%JAVA%" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED "-Divfpq.home=%ROOT%" -cp "%JAR%" dev.ivfpq.rvc.cli.Ivfpq %*
exit /b %ERRORLEVEL%

:find_jar
set "JAR="
for %%J in ("%ROOT%\rvc-store\target\rvc-store-*-all.jar") do set "JAR=%%~fJ"
exit /b 0
